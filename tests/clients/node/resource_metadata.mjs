// Finds the metadata of an API's address as oauth4webapi does, by the address and by the challenge, and prints its resource.
import * as oauth from "oauth4webapi";

const resource = new URL(process.argv[2]);
const challenge = (await fetch(resource)).headers.get("www-authenticate");
const named = await fetch(challenge.match(/resource_metadata="([^"]+)"/)[1]);
const built = await oauth.resourceDiscoveryRequest(resource, { [oauth.allowInsecureRequests]: true });
for (const answer of [named, built]) {
  console.log((await oauth.processResourceDiscoveryResponse(resource, answer)).resource);
}
