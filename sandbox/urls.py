from django.urls import include, path

from sandbox.api import baskets, decisions, exports, lines, referential, token, traces
from sandbox.door import methods

BASKET = "quote/<uuid:quote_id>/"
LINE = BASKET + "quote_item/<uuid:quote_item_id>/"
ANY_LINE = "quote_item/<uuid:quote_item_id>/"
EXPORT = "quote_item/export/<str:task_id>/"

api = [
    path("quote/", methods(GET=baskets.listing, POST=baskets.create)),
    path(BASKET, methods(GET=baskets.detail, PATCH=baskets.update)),
    path(BASKET + "confirm/", methods(PATCH=baskets.confirm)),
    path(BASKET + "quote_item/", methods(POST=lines.create)),
    path(LINE, methods(PATCH=lines.update, DELETE=lines.delete)),
    path(LINE + "trace/upload/", methods(POST=traces.upload)),
    path(LINE + "trace/download/", methods(GET=traces.download)),
    path(LINE + "trace/", methods(DELETE=traces.delete)),
    path(LINE + "export/pdf/", methods(POST=exports.line_pdf)),
    path(LINE + "price/<str:product_id>/export/pdf/", methods(POST=exports.offer_pdf)),
    path("quote_item/", methods(GET=lines.listing)),
    path("quote_item/export/csv/", methods(POST=exports.lines_csv)),
    path(EXPORT + "status/", methods(GET=exports.status)),
    path(EXPORT + "download/", methods(GET=exports.download)),
    path(ANY_LINE, methods(GET=lines.detail)),
    path(ANY_LINE + "accept/", methods(PATCH=decisions.accept)),
    path(ANY_LINE + "decline/", methods(PATCH=decisions.decline)),
    path(ANY_LINE + "restore_price/", methods(PATCH=decisions.restore)),
    path("referential/project", methods(GET=referential.projects)),  # documented without the slash
    path("referential/project/", methods(GET=referential.projects)),
]

urlpatterns = [
    path("auth/realms/covage/protocol/openid-connect/token", token.token),
    path("api/v1/", include(api)),
    path("sandbox/", include("sandbox.control.urls")),
]

handler400 = "sandbox.refusals.bad_request"
handler404 = "sandbox.refusals.page_not_found"
handler500 = "sandbox.refusals.server_error"
