DATABASES = {'default': {'USER': 'x', 'PASSWORD': '@@file_python@@'}}
SECRET_KEY = '@@file_python_key@@'
