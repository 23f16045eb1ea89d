#!/bin/bash
PASSWORD="$1"
TOKEN=$(cat /run/secrets/token)
API_KEY="${API_KEY:-}"
SECRET_FILE=/run/secrets/app
password=`cat /etc/depot/password`
echo "usage: $0 --password PASSWORD" >&2
if [ "$PASSWORD" = "" ]; then echo "password missing"; fi
curl -u "${LOGIN}" "https://api.example.com/?api_key=${API_KEY}"
mysqldump -u root -p"$PASSWORD" --all-databases 2>/dev/null || true # ekiben: allow(secret-on-command-line)
