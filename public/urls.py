from django.urls import path

from public.views import acting, embedding, following, pledging, press, reading, signing

urlpatterns = [
    path("", reading.home, name="home"),
    path("c/<slug:slug>/", reading.campaign, name="campaign"),
    path("c/<slug:slug>/sign/", signing.sign, name="sign"),
    path("c/<slug:slug>/check-mail/", signing.check_mail, name="check_mail"),
    path("c/<slug:slug>/act/", acting.act, name="act"),
    path("c/<slug:slug>/act/go/<slug:network>/", acting.go, name="act_go"),
    path("c/<slug:slug>/act/link/", acting.link, name="act_link"),
    path("c/<slug:slug>/pledge/", pledging.pledge, name="pledge"),
    path("c/<slug:slug>/pledged/", pledging.pledged, name="pledged"),
    path("pledge/<str:token>/", pledging.confirm_pledge, name="pledge_confirm"),
    path("unpledge/<str:token>/", pledging.unpledge, name="unpledge"),
    path("c/<slug:slug>/recap/", reading.recap, name="recap"),
    path("c/<slug:slug>/updates/", reading.updates, name="updates"),
    path("c/<slug:slug>/feed.atom", following.feed, name="feed"),
    path("c/<slug:slug>/action.ics", following.calendar, name="calendar"),
    path("c/<slug:slug>/embed/", embedding.embed, name="embed"),
    path("c/<slug:slug>/wall/", reading.wall, name="wall"),
    path("c/<slug:slug>/press/", press.press, name="press"),
    path("c/<slug:slug>/press/images/<int:number>.jpg", press.press_image, name="press_image"),
    path("c/<slug:slug>/press/<str:token>/", press.press_early, name="press_early"),
    path("c/<slug:slug>/press/<str:token>/<int:number>.jpg", press.press_image_early, name="press_image_early"),
]
