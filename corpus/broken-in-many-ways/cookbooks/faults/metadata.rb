name 'faults'
version '0.0.1'
description 'One recipe, one fault'
depends 'bakery'
