declare module 'swagger-ui-dist/swagger-ui-es-bundle.js' {
  type Options = {
    spec: object;
    dom_id: string;
    deepLinking: boolean;
    defaultModelsExpandDepth: number;
    validatorUrl: null;
  };
  const SwaggerUI: (options: Options) => unknown;
  export default SwaggerUI;
}
