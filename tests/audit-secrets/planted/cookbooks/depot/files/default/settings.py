SECRET_KEY = '@@python_secret@@'
DATABASES = {'default': {'PASSWORD': '@@python_dict@@'}}
