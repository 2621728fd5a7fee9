import form from "./Form.module.css";

/** How forms look, on screens and in dialogs. */
export const forms = {
  form: form["form"],
  narrow: `${form["form"]} ${form["narrow"]}`,
  answers: form["answers"],
  answersLeft: `${form["answers"]} ${form["left"]}`,
  file: form["file"],
  note: form["note"],
  filters: form["filters"],
  group: form["group"],
};
