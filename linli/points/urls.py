"""Addresses of this app."""

from django.urls import path

from linli.points.views import desk, mine, record

urlpatterns = [
    path("points/", mine.mine, name="points"),
    path("points/join/", mine.join, name="points-join"),
    path("points/leave/", mine.leave, name="points-leave"),
    path("points/line/<int:line_id>/", mine.line, name="points-line"),
    path("points/missing/", mine.missing, name="points-missing"),
    path("points/totals/", mine.totals, name="points-totals"),
    path("desk/points/", desk.inbox, name="desk-points"),
    path("desk/points/objections/<int:objection_id>/", desk.objection, name="points-objection"),
    path("desk/points/take-back/", desk.take_back, name="points-take-back"),
    path("desk/points/corrections/<int:correction_id>/", desk.correction, name="points-correction"),
    path("service/record/", record.record, name="service-record"),
    path("service/record/table/", record.export, name="service-table"),
    path("service/record/certificate/", record.certify, name="certify"),
    path("service/record/certificate/<int:certificate_id>/end/", record.revoke,
         name="certificate-end"),
    path("service/record/correct/<int:sign_up>/", record.correct, name="service-correct"),
    path("certificate/", record.certificate, name="certificates"),
    path("certificate/<str:code>/", record.certificate, name="certificate"),
]  # fmt: skip
