"""A scoreboard as this person may see it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class BoardLine(serializers.Serializer[Any]):
    """`name` is an alias where the course says so; nothing else tells who it is."""

    place = serializers.IntegerField()
    shared = serializers.BooleanField()
    name = serializers.CharField()
    points = serializers.DecimalField(None, None)
    percent = serializers.DecimalField(None, 1)
    mine = serializers.BooleanField()


class SummaryShape(serializers.Serializer[Any]):
    """All in percent of the points that could be had."""

    people = serializers.IntegerField()
    mean = serializers.DecimalField(None, 1)
    median = serializers.DecimalField(None, 1)
    lower_quartile = serializers.DecimalField(None, 1)
    upper_quartile = serializers.DecimalField(None, 1)
    deviation = serializers.DecimalField(None, 1)
    best = serializers.DecimalField(None, 1)
    passed = serializers.IntegerField(allow_null=True)


class BoardShape(serializers.Serializer[Any]):
    """A page of the board, best first; `next` leads to the following page."""

    summary = SummaryShape(allow_null=True)
    results = BoardLine(many=True)
    next = serializers.IntegerField(allow_null=True)
