$GENERATE -g php -i "$API" -o api --additional-properties invokerPackage=Management
$GENERATE -g php -i "$CONTROL" -o control --additional-properties invokerPackage=Tester
find api/lib control/lib -name '*.php' -exec php -l {} + | grep -v '^No syntax errors' || true
php main.php
