"""The forms of coming in. Rooms judge what is typed; here only its shape on the page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from attise.kernel.limits import EMAIL_CHARACTERS, NAME_CHARACTERS, PASSWORD_LEAST_CHARACTERS

_REQUIRED = {"required": _("This field is required.")}


def email_field(**options: Any) -> forms.CharField:
    """Return a field for the e-mail address that one signs in with."""
    return forms.CharField(
        label=_("Email"),
        max_length=EMAIL_CHARACTERS + 20,
        error_messages=_REQUIRED,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
        **options,
    )


def password_field(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    """Return a field for a password, as it was typed: nothing is trimmed, paste and managers are welcome."""
    return forms.CharField(
        label=label,
        strip=False,
        max_length=4096,
        error_messages=_REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
        **options,
    )


def new_password_field() -> forms.CharField:
    """Return a field for a password that is being chosen."""
    return password_field(
        _("New password"),
        "new-password",
        help_text=format_lazy(
            _("At least {least} characters. Several words are easier to keep than signs."),
            least=PASSWORD_LEAST_CHARACTERS,
        ),
    )


class SignInForm(forms.Form):
    """E-mail and password."""

    email = email_field()
    password = password_field(_("Password"), "current-password")


class ForgottenForm(forms.Form):
    """The address whose password is forgotten."""

    email = email_field()


class NewPasswordForm(forms.Form):
    """A password chosen through a link."""

    password = new_password_field()


class FirstPasswordForm(forms.Form):
    """The first e-mail address and password of somebody who came by a link."""

    email = email_field()
    password = new_password_field()


class ChangePasswordForm(forms.Form):
    """Another password, knowing the one before."""

    current = password_field(_("Current password"), "current-password")
    password = new_password_field()


class DetailsForm(forms.Form):
    """What is said of a person."""

    display_name = forms.CharField(
        label=_("Name"),
        max_length=NAME_CHARACTERS,
        error_messages=_REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class EmailForm(forms.Form):
    """Another e-mail address, which signs in from then on; the password is asked."""

    email = email_field()
    current_password = password_field(_("Current password"), "current-password")


class NewcomerForm(forms.Form):
    """What somebody without account says when they accept an invitation."""

    display_name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_CHARACTERS,
        error_messages=_REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = new_password_field()
