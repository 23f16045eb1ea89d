SECRET_KEY = os.environ['SECRET_KEY']
PASSWORD_HASHERS = ['django.contrib.auth.hashers.PBKDF2PasswordHasher']
token = request.GET.get('token')
password = getpass.getpass('Password: ')
