"""Which methods an address answers."""

from django.views.decorators.http import require_http_methods

form_page = require_http_methods(["GET", "HEAD", "POST"])
