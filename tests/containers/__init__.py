"""The image and the compose file, for real: `make container-test`.

`engine` finds a container engine or starts a private one, `images` builds, `stack`
brings the composed site up and down, and `story` is what a person and an operator do
with it. Only the last is collected by pytest, and only when `__main__` asks for it.
"""
