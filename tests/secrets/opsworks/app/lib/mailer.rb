MAIL_PASSWORD = '@@app_code@@'
