from django.urls import path

from campaigns import views

urlpatterns = [
    path("", views.home, name="home"),
    path("c/<slug:slug>/", views.campaign, name="campaign"),
    path("c/<slug:slug>/sign/", views.sign, name="sign"),
    path("c/<slug:slug>/check-mail/", views.check_mail, name="check_mail"),
    path("c/<slug:slug>/act/", views.act, name="act"),
    path("c/<slug:slug>/act/go/<slug:network>/", views.go, name="act_go"),
    path("c/<slug:slug>/act/link/", views.link, name="act_link"),
    path("c/<slug:slug>/pledge/", views.pledge, name="pledge"),
    path("c/<slug:slug>/pledged/", views.pledged, name="pledged"),
    path("pledge/<str:token>/", views.confirm_pledge, name="pledge_confirm"),
    path("unpledge/<str:token>/", views.unpledge, name="unpledge"),
    path("c/<slug:slug>/progress/", views.progress, name="progress"),
    path("c/<slug:slug>/progress.json", views.progress_json, name="progress_json"),
    path("c/<slug:slug>/signatures.csv", views.signatures_csv, name="signatures_csv"),
    path("c/<slug:slug>/countries.csv", views.countries_csv, name="countries_csv"),
    path("c/<slug:slug>/tweets.csv", views.tweets_csv, name="tweets_csv"),
    path("c/<slug:slug>/recap/", views.recap, name="recap"),
    path("c/<slug:slug>/updates/", views.updates, name="updates"),
    path("c/<slug:slug>/feed.atom", views.feed, name="feed"),
    path("c/<slug:slug>/action.ics", views.calendar, name="calendar"),
    path("c/<slug:slug>/embed/", views.embed, name="embed"),
    path("c/<slug:slug>/wall/", views.wall, name="wall"),
    path("c/<slug:slug>/press/", views.press, name="press"),
    path("c/<slug:slug>/press/images/<int:number>.jpg", views.press_image, name="press_image"),
    path("c/<slug:slug>/press/<str:token>/", views.press_early, name="press_early"),
    path("c/<slug:slug>/press/<str:token>/<int:number>.jpg", views.press_image, name="press_image_early"),
]
