#!/bin/sh
# An S3 server whose bucket and key are there from the start.
set -eu

mkdir -p "/data/$S3_BUCKET"
export NANIO_ACCESS_KEY="$AWS_ACCESS_KEY_ID"
export NANIO_SECRET_KEY="$AWS_SECRET_ACCESS_KEY"
exec nanio serve --data-dir /data --host 0.0.0.0 --port 8333 --no-access-log
