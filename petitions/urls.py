from django.urls import path

from petitions import views

urlpatterns = [
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("my/", views.my, name="my"),
    path("my/<str:token>/", views.my_page, name="my_page"),
    path("my/<str:token>/export.json", views.export, name="my_export"),
    path("not-me/<str:token>/", views.not_me, name="not_me"),
    path("unsubscribe/<str:token>/", views.unsubscribe, name="unsubscribe"),
    path("left-alone/", views.left_alone, name="left_alone"),
    path("goodbye/", views.goodbye, name="goodbye"),
    path("goodbye/kept/", views.goodbye, {"kept": True}, name="goodbye_kept"),
    path("data/", views.data, name="data"),
    path("my/<str:token>/forget/", views.forget_others, name="my_forget"),
    path("my/<str:token>/<uuid:signature>/confirm/", views.my_confirm, name="my_confirm"),
    path("my/<str:token>/<uuid:signature>/second-look/", views.second_look, name="my_second_look"),
    path("my/<str:token>/<uuid:signature>/<str:verb>/", views.change, name="my_change"),
]
