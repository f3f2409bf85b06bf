"""The verbs of this app: each function is one thing that happens to a lecture or exam.

In the order of the story: `lectures` (upload, retry, delete), `readings`,
`generation`, `authoring`, with `lifecycle` owning every state and `files` the store.
"""
