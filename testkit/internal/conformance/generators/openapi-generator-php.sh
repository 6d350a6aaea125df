$GENERATE -g php -i "$API" -o api --additional-properties invokerPackage=Management
$GENERATE -g php -i "$CONTROL" -o control --additional-properties invokerPackage=Tester
find api/lib control/lib -name '*.php' -print0 | xargs -0 -n 1 php -l > syntax.txt || { cat syntax.txt; exit 1; }
php main.php
