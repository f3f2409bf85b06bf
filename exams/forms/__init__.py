"""Forms of this app, one module per noun."""

from exams.forms.exams import ClosingForm, PublishForm, RenameForm
from exams.forms.lectures import UploadForm, WishForm
from exams.forms.questions import QuestionForm
from exams.forms.requests import AddForm, AnotherForm, KindForm
from exams.forms.writing import StartForm, WrittenForm

__all__ = [
    "AddForm",
    "AnotherForm",
    "ClosingForm",
    "KindForm",
    "PublishForm",
    "QuestionForm",
    "RenameForm",
    "StartForm",
    "UploadForm",
    "WishForm",
    "WrittenForm",
]
