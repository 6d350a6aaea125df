$GENERATE -g java -i "$API" -o . --library native --additional-properties apiPackage=api,modelPackage=api.model,invokerPackage=api
$GENERATE -g java -i "$CONTROL" -o control --library native --additional-properties apiPackage=control,modelPackage=control.model,invokerPackage=control
cp main.java src/main/java/Main.java
classpath=$(ls "$TOOLS"/lib/*.jar | grep -v openapi-generator-cli | tr '\n' ':')
javac -nowarn -d out -cp "$classpath" $(find src/main/java control/src/main/java -name '*.java')
java -cp "out:$classpath" Main
