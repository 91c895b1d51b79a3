"""What django-allauth asks the project: accounts are given out, and the embedded default knows no second factor."""

import qrcode
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathFillImage


class Accounts(ModelBackend):
    def get_user(self, user_id):
        """With what the person prefers: every page needs both, and asks once."""
        user = User.objects.select_related("preference").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The user name or the password is not right.")
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return "/preferences/"


class SecondFactorAdapter(DefaultMFAAdapter):
    def is_mfa_enabled(self, user, types=None):
        return not settings.PORTAL_EMBEDDED and super().is_mfa_enabled(user, types)

    def build_totp_svg(self, url):
        """On white, or no camera reads it in the dark theme."""
        return qrcode.make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")
