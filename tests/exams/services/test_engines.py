from __future__ import annotations

from exams.services.engines import engine_named


def test_an_engine_is_made_with_the_options_of_its_name(settings):
    assert engine_named("offline").version == "2"
    settings.ENGINE_OPTIONS = {"offline": {"english_model": "none"}}
    assert engine_named("offline").version == "2-lists"
    settings.ENGINE_OPTIONS = {}
    assert engine_named("offline").version == "2"
