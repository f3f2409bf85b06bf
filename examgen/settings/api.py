"""The REST API: who may ask, how much, and what its schema says of it."""

from __future__ import annotations

from typing import Any

# Requests a minute for each person and scope; `read` and `write` for all others.
API_REQUESTS_A_MINUTE: dict[str, int] = {
    "read": 600,
    "write": 120,
    # An exam page that saves each choice, and several tabs of it.
    "attempts:write": 600,
    "lectures:write": 60,
    "tokens:write": 20,
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "api.authentication.TokenAuthentication",
        "api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["api.permissions.Person"],
    "DEFAULT_THROTTLE_CLASSES": ["api.throttling.PersonThrottle"],
    "DEFAULT_PARSER_CLASSES": ["api.reading.JsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "api.reading.AlwaysJson",
    "DEFAULT_SCHEMA_CLASS": "api.extensions.Described",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "api.problems.handle",
    "COERCE_DECIMAL_TO_STRING": True,
}

SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Examgen",
    "DESCRIPTION": "Lectures become exams; see docs/api.md of the project.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    # The shapes of changes say themselves what may lack.
    "COMPONENT_SPLIT_PATCH": False,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SORT_OPERATION_PARAMETERS": True,
    "ENUM_NAME_OVERRIDES": {
        "LectureState": "exams.states.LectureState",
        "ExamState": "exams.states.ExamState",
        "QuestionState": "exams.states.QuestionState",
        "RequestState": "exams.states.RequestState",
        "KindEnum": "api.serializers.questions.EVERY_KIND",
        "KindsEnum": "api.serializers.lectures.KINDS",
        "AttemptState": "scoring.states.AttemptState",
    },
}
