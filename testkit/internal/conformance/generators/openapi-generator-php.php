<?php
// Composer's registry is not needed: Debian packages Guzzle with an autoloader of its own.
require '/usr/share/php/GuzzleHttp/autoload.php';

spl_autoload_register(function (string $class) {
    $file = preg_replace(['#^Management\\\\#', '#^Tester\\\\#', '#\\\\#'], ['api/lib/', 'control/lib/', '/'], $class) . '.php';
    if (is_file($file)) {
        require $file;
    }
});

$settings = (new Management\Configuration())->setHost(getenv('URL'))->setApiKey('account_id', '1')->setApiKey('api_key', 'demo-key');
$calls = new Management\Api\SIPRegistrationApi(null, $settings);

$list = $calls->getSipRegistrations(deactivated: false, status_code: '200;403');
echo 'list ', implode(',', array_map(fn ($r) => $r->getSipRegistrationId(), $list->getResult())), "\n";
$created = $calls->createSipRegistration('JohnGalt', 'sip.example.com');
echo 'create ', $created->getSipRegistrationId(), "\n";
$refused = $calls->createSipRegistration('', 'sip.example.com');
echo 'error ', $refused->getError()->getCode(), "\n";
$deleted = $calls->deleteSipRegistration($created->getSipRegistrationId());
echo 'delete ', $deleted->getResult(), "\n";
$accounts = new Tester\Api\AccountsApi(null, (new Tester\Configuration())->setHost(getenv('URL')));
echo 'control ', $accounts->listAccounts()->getAccounts()[0]->getName(), "\n";
