"""Words as the gate compares them: folded, stemmed a little, function words apart.

The stemming is deliberately crude. It serves to say "these two look alike", where a
false alarm costs one question and a miss costs a student a giveaway.
"""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*")
_SPACE = re.compile(r"\s+")


def word_set(text: str) -> frozenset[str]:
    """Words as they are written in a list of words: with white space between."""
    return frozenset(text.split())


# Function words of the languages the offline engine speaks. They carry no content,
# so they neither prove that an answer is supported nor give one away.
FUNCTION_WORDS = word_set(
    """
    a about above across after again against all almost along already also although
    always am among an and another any are around as at away back be became because
    become becomes been before being below between both but by came can cannot come
    could did do does doing done down during each either else enough even ever every
    few for from further get gets give given go goes had has have having he hence her
    here hers him his how however i if in including indeed instead into is it its
    itself just kind least less let like made make makes many may me might more
    moreover most much must my near neither never no nor not now of off often on once
    one only onto or other others otherwise our out over own per perhaps quite rather
    s same see several shall she should since so some something sometimes somewhat
    still such take takes than that the their theirs inside outside throughout beneath beside beyond despite except
    them themselves then there
    therefore these they this those though three through thus to together too toward
    towards two type under unless until up upon us use used uses using usually very
    via was we well were what when where whereas whether which while who whom whose
    why will with within without would yet you your

    al ante como con contra cual cuando de del desde donde durante el ella ellas
    ellos en entre era es esa ese esta este esto estos fue ha hacia hasta la las le
    les lo los mas más mediante muy ni nos o otra otro para pero por porque que qué
    se según ser si sin sobre son su sus también tan un una unas uno unos y ya

    au aux avec ce ces cet cette chez comme dans des dont du elle elles est et
    etre être eux il ils je l leur leurs lui mais même ne notre nous on ont ou où
    par pas plus pour qu quand qui sa sans ses soit sont sous sur très tu une vers
    vous d

    aber als am auch auf aus bei bis da das dass dem den der des die dies diese
    dieser dieses doch durch ein eine einem einen einer eines er es für gegen hat
    hatte ich ihr ihre im ist kann kein keine mit nach nicht noch nur oder ohne
    seine sich sie sind so über um und unter vom von vor war waren was wenn werden
    wie wir wird wo wurde zu zum zur zwischen

    ao aos às até com da das do dos e ela ele eles em essa esse foi isso isto já
    mais mas na nas no nos não num numa os ou para pela pelas pelo pelos pois por
    quando que são se sem ser seu seus sua suas também tem um uma
    """
)

# Shorter words than these are not plurals by their ending: "gas", "yes", "dies".
_SHORT, _LONG = 4, 5

_PREFIX = 5
_WHOLE = 4  # "cell" in "cellular"
_PREFIX_SHARE = 0.6


def squash(text: str) -> str:
    """One line: every run of white space becomes one space."""
    return _SPACE.sub(" ", text).strip()


def words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def content_words(text: str) -> list[str]:
    return [word for word in words(text) if word not in FUNCTION_WORDS]


def singular(word: str) -> str:
    """The singular of a regular English plural; other words as they are."""
    if len(word) >= _LONG and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) >= _LONG and word.endswith(("ches", "shes", "sses", "xes", "zes")):
        return word[:-2]
    if (
        len(word) >= _SHORT
        and word.endswith("s")
        and not word.endswith(("ss", "us", "is"))
    ):
        return word[:-1]
    return word


def fold(text: str) -> str:
    """An answer without case, articles, punctuation and plural."""
    kept = [singular(word) for word in words(text) if word not in {"a", "an", "the"}]
    return " ".join(kept)


def alike(one: str, other: str) -> bool:
    """Whether two words share their stem.

    They are equal, or one begins or ends the other ("string" in "docstring"), or they
    have a long common beginning.
    """
    return _related(singular(one), singular(other))


def _related(one: str, other: str) -> bool:
    """As `alike`, of words that are singular already."""
    if one == other:
        return True
    shortest = min(len(one), len(other))
    common = next((i for i in range(shortest) if one[i] != other[i]), shortest)
    if common == shortest >= _WHOLE:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) >= _PREFIX and long.endswith(short):
        return True
    return common >= _PREFIX and common >= _PREFIX_SHARE * shortest


def shared(one: str, other: str) -> list[str]:
    """The content words of `one` that have a relative in `other`."""
    there = {singular(word) for word in content_words(other)}
    return [
        word
        for word in content_words(one)
        if (stem := singular(word)) in there or any(_related(stem, w) for w in there)
    ]


def support(claim: str, source: str) -> float:
    """The share of the claim's content words that the source has too."""
    claimed = content_words(claim)
    return len(shared(claim, source)) / len(claimed) if claimed else 1.0


def resemblance(one: str, other: str) -> float:
    """Overlap of two texts' word sets, 0 to 1."""
    first = {singular(word) for word in content_words(one)}
    second = {singular(word) for word in content_words(other)}
    if not first or not second:
        return 0.0
    return len(first & second) / len(first | second)
