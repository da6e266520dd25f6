// Passkeys: asks the device for a fingerprint, a face, a PIN or a key, and sends what it answers with the form.
const TROUBLE = {
  NotAllowedError: "Nothing was chosen, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey for you already.",
  SecurityError: "Passkeys do not work at this address. Open OpenPractice by its name (on this machine: localhost), not by a number.",
};
const OTHERWISE = "This device could not do it. Sign in with your password, or try another device.";

async function options(form) {
  if (form.dataset.options) return JSON.parse(form.dataset.options).publicKey;
  const answer = await fetch(form.dataset.ask, { headers: { Accept: "application/json" } });
  return (await answer.json()).request_options.publicKey;
}

async function credential(form) {
  const asked = await options(form);
  if (form.dataset.passkey === "get") {
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  }
  // A passkey signs in by itself, so the device must keep it and must check who holds the device.
  asked.authenticatorSelection = { residentKey: "required", requireResidentKey: true, userVerification: "required" };
  return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) });
}

function tell(form, words) {
  let place = form.querySelector(".op-trouble");
  if (!place) {
    place = document.createElement("p");
    place.className = "op-trouble nhsuk-error-message";
    place.setAttribute("role", "alert");
    form.append(place);
  }
  place.textContent = words;
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const named = form.querySelector("input[name=name]");
    if (named && !named.value.trim()) return form.submit(); // the server says what is missing
    try {
      form.querySelector("input[name=credential]").value = JSON.stringify(await credential(form));
      form.submit();
    } catch (trouble) {
      tell(form, TROUBLE[trouble.name] || OTHERWISE);
    }
  });
}
