"""Forms of this app, one module per noun."""

from exams.forms.exams import ClosingForm, PublishForm, RenameForm
from exams.forms.lectures import UploadForm, WishForm
from exams.forms.questions import QuestionForm

__all__ = [
    "ClosingForm",
    "PublishForm",
    "QuestionForm",
    "RenameForm",
    "UploadForm",
    "WishForm",
]
