import SwaggerParser from '@apidevtools/swagger-parser';

for (const file of process.argv.slice(2)) {
  const { info, paths } = await SwaggerParser.validate(file);
  console.log('valid', info.title, Object.keys(paths).length > 10);
}
