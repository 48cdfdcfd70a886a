from django.urls import path

from progress.views import daily_snapshots, downloads, drawings, page, report

urlpatterns = [
    path("c/<slug:slug>/progress/", page.progress, name="progress"),
    path("c/<slug:slug>/progress.json", page.progress_json, name="progress_json"),
    path("c/<slug:slug>/progress.pdf", report.report, name="report"),
    path("c/<slug:slug>/progress/<str:day>/", daily_snapshots.snapshot, name="snapshot"),
    path("c/<slug:slug>/progress/<str:day>.json", daily_snapshots.snapshot_json, name="snapshot_json"),
    path("keys/", daily_snapshots.snapshot_keys, name="snapshot_keys"),
    path("c/<slug:slug>/figures.csv", downloads.figures_csv, name="figures_csv"),
    path("c/<slug:slug>/signatures.csv", downloads.signatures_csv, name="signatures_csv"),
    path("c/<slug:slug>/countries.csv", downloads.countries_csv, name="countries_csv"),
    path("c/<slug:slug>/tweets.csv", downloads.tweets_csv, name="tweets_csv"),
    path("c/<slug:slug>/countries.svg", drawings.countries_svg, name="countries_svg"),
    path("c/<slug:slug>/share-<slug:version>.png", drawings.shared_image, name="share_image"),
]
