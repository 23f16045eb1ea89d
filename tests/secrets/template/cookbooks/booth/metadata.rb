name 'booth'
