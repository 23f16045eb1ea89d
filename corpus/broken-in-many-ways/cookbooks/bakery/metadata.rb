name 'bakery'
version '1.0.0'
description 'Nothing is wrong here'
