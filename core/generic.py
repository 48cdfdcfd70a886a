"""Django's generic classes with types for what they hold. Only type checkers see those: at run time these classes take none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.sitemaps import Sitemap
from django.contrib.syndication.views import Feed

if TYPE_CHECKING:
    from django.contrib.admin.options import BaseModelAdmin, InlineModelAdmin

    AnyModelForm = forms.ModelForm[Any]
    AnyModelFormSet = forms.BaseModelFormSet[Any, Any]
    AnyInlineFormSet = forms.BaseInlineFormSet[Any, Any, Any]
    AnyChoice = forms.ModelChoiceField[Any]
    AnyChoices = forms.ModelMultipleChoiceField[Any]
    AnySitemap = Sitemap[Any]
    AnyFeed = Feed[Any, Any]
    # For classes that stand in front of an inline of the admin's theme.
    MixedIntoAnInline = InlineModelAdmin[Any, Any]
    # For those that stand in front of either, an admin or an inline.
    MixedIntoAnAdmin = BaseModelAdmin[Any]
else:
    AnyModelForm, AnyModelFormSet, AnyInlineFormSet = forms.ModelForm, forms.BaseModelFormSet, forms.BaseInlineFormSet
    AnyChoice, AnyChoices = forms.ModelChoiceField, forms.ModelMultipleChoiceField
    AnySitemap, AnyFeed, MixedIntoAnInline, MixedIntoAnAdmin = Sitemap, Feed, object, object
