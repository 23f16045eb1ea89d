#!/bin/bash
PASSWORD='@@script_password@@'
API_TOKEN="${API_TOKEN:-@@script_default@@}"
mysqldump -u root -p"@@script_mysql@@" --all-databases
tar cz /srv | openssl enc -aes-256-cbc -pass pass:@@script_openssl@@ > /tmp/x
curl -s "https://api.example.com/?api_key=@@script_query:opaque@@"
