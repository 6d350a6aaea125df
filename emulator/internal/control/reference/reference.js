// Both descriptions on one page. Nothing is loaded from anywhere else: the page's
// Content-Security-Policy would refuse it.
Scalar.createApiReference('#reference', {
  sources: [
    { title: 'API', slug: 'api', url: '../../openapi.yaml', default: true },
    { title: 'Control API', slug: 'control', url: '../openapi.yaml' },
  ],
  // The account of the scenario demo; another one is typed over it.
  authentication: {
    preferredSecurityScheme: ['accountId', 'apiKey'],
    securitySchemes: { accountId: { value: '1' }, apiKey: { value: 'demo-key' } },
  },
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: 'never',
  telemetry: false,
  withDefaultFonts: false,
})
