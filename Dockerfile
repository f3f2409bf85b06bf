# One image for every role: `docker run examgen web | worker-fast | worker-heavy |
# migrate | demo`. docs/operations.md tells how to run it.

# The base by tag for people and by digest for machines.
ARG PYTHON_IMAGE=python:3.12.13-slim-bookworm@sha256:8a7e7cc04fd3e2bd787f7f24e22d5d119aa590d429b50c95dfe12b3abe52f48b

FROM ${PYTHON_IMAGE} AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1 \
    PYTHONDONTWRITEBYTECODE=1

WORKDIR /build
COPY requirements/ requirements/

# Further sets by name, for example EXTRAS="llm": each is requirements/NAME.txt.
ARG EXTRAS=""
RUN set -eu; \
    set -- --requirement requirements/core.txt --requirement requirements/deploy.txt \
        --requirement requirements/nlp.txt; \
    for name in ${EXTRAS}; do \
        if [ ! -f "requirements/${name}.txt" ]; then \
            echo "EXTRAS names the set '${name}', and there is no requirements/${name}.txt." >&2; \
            exit 64; \
        fi; \
        set -- "$@" --requirement "requirements/${name}.txt"; \
    done; \
    python -m venv /opt/venv; \
    /opt/venv/bin/python -m pip install --quiet --no-compile --require-hashes "$@"; \
    # Nothing is installed into a running site, so what installs need not come along.
    /opt/venv/bin/python -m pip uninstall --quiet --yes pip setuptools

ENV PATH=/opt/venv/bin:${PATH}

WORKDIR /srv/examgen
COPY . .

# Static files get their hashed names here. The key is for this command alone and signs
# nothing. The root file system will be read-only, so bytecode is compiled here too; it
# is trusted without a look at its source, which nobody can change.
RUN set -eu; \
    EXAMGEN_DATA=/tmp/data EXAMGEN_STATIC=/srv/examgen/collected \
    EXAMGEN_SECRET_KEY=of-the-build-and-nothing-else \
        python manage.py collectstatic --no-input --verbosity 0; \
    rm -rf requirements; \
    python -m compileall -q -j 0 --invalidation-mode unchecked-hash /opt/venv/lib .

FROM ${PYTHON_IMAGE}

ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Examgen" \
      org.opencontainers.image.description="A PDF lecture becomes an exam in which every question cites its page and sentence." \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

# The account has a fixed number, so that volumes and policies can name it.
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent \
        --shell /usr/sbin/nologin examgen \
    && install --directory --owner examgen --group examgen --mode 750 /var/lib/examgen

COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/examgen /srv/examgen
RUN ln -s /srv/examgen/deploy/entrypoint.sh /usr/local/bin/examgen

ENV PATH=/opt/venv/bin:${PATH} \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    EXAMGEN_DATA=/var/lib/examgen \
    EXAMGEN_STATIC=/srv/examgen/collected

USER 10001:10001
WORKDIR /srv/examgen
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
    CMD ["examgen", "health"]
ENTRYPOINT ["examgen"]
CMD ["web"]
