<?php
define('DB_PASSWORD', '@@file_php_define@@');
$config['auth_token'] = '@@file_php_array@@';
