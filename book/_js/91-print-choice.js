/* The foot's "Print" asks, where a chapter has solutions, whether they shall stand at its end or be left out. */
(() => {
  "use strict";
  const QUESTION = `
    <form method="dialog">
      <h2 id="print-choice">Print this chapter</h2>
      <label><input type="radio" name="solutions" value="end" checked autofocus> with the solutions at its end</label>
      <label><input type="radio" name="solutions" value="none"> without the solutions</label>
      <p><button value="print">Print</button> <button value="">Cancel</button></p>
    </form>`;
  const list = document.querySelector(".foot ul");
  if (!list) return;

  const ask = () => {
    const dialog = document.createElement("dialog");
    dialog.className = "choice";
    dialog.setAttribute("aria-labelledby", "print-choice");
    dialog.innerHTML = QUESTION;
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (!dialog.returnValue) return;
      document.documentElement.dataset.solutions = dialog.querySelector("input:checked").value;
      print();
    });
    document.body.append(dialog);
    dialog.showModal();
  };

  const button = Object.assign(document.createElement("button"), {
    type: "button",
    className: "foot__print",
    textContent: "Print",
  });
  button.addEventListener("click", () => (document.querySelector(".exercise details") ? ask() : print()));
  const item = document.createElement("li");
  item.append(button);
  list.append(item);
})();
