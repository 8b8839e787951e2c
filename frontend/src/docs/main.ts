/** The API's documentation at `/docs`: Swagger UI over our own description, for who is logged in. */
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';

const answer = await fetch('/openapi.json');
if (answer.status === 401) {
  window.location.assign('/login?next=/docs');
} else if (answer.ok) {
  SwaggerUI({
    spec: (await answer.json()) as object,
    dom_id: '#docs',
    deepLinking: true,
    // Hundreds of schemas below the operations, drawn at once, would hold the page for seconds.
    defaultModelsExpandDepth: -1,
    // It would be asked on the vendor's server.
    validatorUrl: null,
  });
} else {
  document.body.textContent = `The API's description could not be loaded (${answer.status}). Load this page again.`;
}
