"""Where drafted questions are measured and rated: `make quality`, `make quality-rates`.

measuring: a lecture through reader, engine and gate, in a process of its own
sheet: the page on which a person rates each question beside its page
listing: the same questions as JSON and as text
rates: what the raters' verdicts say, with intervals
"""
