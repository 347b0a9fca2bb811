"""Writing: a topic, a floor, other words for a floor."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.forum.models.floor import LONGEST_TEXT
from linli.forum.models.topic import LONGEST_TITLE
from linli.lib.text import find_personal

LONGEST_NAME = 40
WRITE = {"required": gettext_lazy("Please write something first.")}


class FloorForm(forms.Form):
    """The words of a floor, a picture, and a name for those who have not chosen one yet."""

    name = forms.CharField(
        label=gettext_lazy("The name that others see"),
        help_text=gettext_lazy("Any name you like; it need not be your own."),
        max_length=LONGEST_NAME, required=False,
    )  # fmt: skip
    text = forms.CharField(
        label=gettext_lazy("Your words"),
        # The action has the last word on the length, after cleaning.
        max_length=LONGEST_TEXT + 2000, strip=False, error_messages=WRITE,
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=gettext_lazy(
            "Everybody can read this. Leave out telephone numbers and names of others."
        ),
    )  # fmt: skip
    photo = forms.FileField(
        label=gettext_lazy("A picture"), required=False, allow_empty_file=True,
        widget=forms.FileInput(),
    )  # fmt: skip
    kept = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput())
    reply_to = forms.IntegerField(
        min_value=1, max_value=10**9, required=False, widget=forms.HiddenInput()
    )

    def __init__(self, *args: Any, asks_name: bool = False, **given: Any) -> None:
        super().__init__(*args, **given)
        if asks_name:
            self.fields["name"].required = True
        else:
            del self.fields["name"]

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data.get("name") or "").split())
        if find_personal(name):
            raise forms.ValidationError(_("Please choose a name without numbers or addresses."))
        return name


class TopicForm(FloorForm):
    """A topic: its title above the words of the first floor."""

    title = forms.CharField(
        label=gettext_lazy("What is it about, in one line?"), max_length=LONGEST_TITLE,
        error_messages={
            "required": gettext_lazy("A topic needs a title, so that others find it.")
        },
    )  # fmt: skip
    field_order = ("name", "title", "text", "photo")


class EditForm(forms.Form):
    """Other words for a floor."""

    text = forms.CharField(
        label=gettext_lazy("Your words"), max_length=LONGEST_TEXT + 2000, strip=False,
        error_messages=WRITE, widget=forms.Textarea(attrs={"rows": 9}),
        help_text=gettext_lazy("What stood here before can still be read by everybody."),
    )  # fmt: skip
