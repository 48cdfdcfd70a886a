from django.urls import path

from campaigns import views

urlpatterns = [
    path("", views.home, name="home"),
    path("c/<slug:slug>/", views.campaign, name="campaign"),
    path("c/<slug:slug>/sign/", views.sign, name="sign"),
    path("c/<slug:slug>/check-mail/", views.check_mail, name="check_mail"),
    path("c/<slug:slug>/act/", views.act, name="act"),
    path("c/<slug:slug>/act/go/<slug:network>/", views.go, name="act_go"),
    path("c/<slug:slug>/progress/", views.progress, name="progress"),
    path("c/<slug:slug>/progress.json", views.progress_json, name="progress_json"),
    path("c/<slug:slug>/recap/", views.recap, name="recap"),
    path("c/<slug:slug>/updates/", views.updates, name="updates"),
]
