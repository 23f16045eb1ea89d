version '0.1.0'
description 'Forgot its name'
