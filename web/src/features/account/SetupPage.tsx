import { Button, Checkbox } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { settingsQuery, useSaveSetting } from "@/api/settings";
import { forms } from "@/components/Form";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { AccountFrame } from "./AccountFrame";
import styles from "./SetupPage.module.css";

/** Right after the first account: what there is to know, and where to go from here. */
export default function SetupPage() {
  const { say } = useI18n();
  const { data, error, refetch } = useQuery(settingsQuery);
  const folder = data?.find(({ name }) => name === "media_root");
  return (
    <AccountFrame
      title={say("setup.title")}
      lead={say("setup.lead")}
      other={<Link to="/">{say("setup.skip")}</Link>}
    >
      <div className={forms.form}>
        {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <LoadingRows count={2} height={56} />}
        {folder && (
          <div>
            <h2>{say("setup.folder")}</h2>
            <p className={styles["folder"]}>{String(folder.value)}</p>
            <p className={forms.note}>
              {say("setup.folderNote", { name: folder.variables[0] ?? folder.name })}
            </p>
          </div>
        )}
        {data && <Registration />}
        <div className={styles["ways"]}>
          <Button renderRoot={(props) => <Link to="/" {...props} />}>{say("setup.go")}</Button>
          <Button variant="default" renderRoot={(props) => <Link to="/admin/users" {...props} />}>
            {say("setup.users")}
          </Button>
          <Button variant="default" renderRoot={(props) => <Link to="/admin/settings" {...props} />}>
            {say("setup.settings")}
          </Button>
        </div>
      </div>
    </AccountFrame>
  );
}

/** Counts as soon as it is ticked: there is nothing to forget here. */
function Registration() {
  const { say } = useI18n();
  const { data } = useQuery(settingsQuery);
  const save = useSaveSetting();
  const setting = data?.find(({ name }) => name === "allow_registration");
  if (!setting) return null;
  const open = save.isPending ? save.variables.value === true : setting.value === true;
  return (
    <>
      <Checkbox
        label={say("setup.registration")}
        description={
          setting.locked
            ? say("setup.registrationLocked", { name: setting.locked_by ?? setting.name })
            : say("setup.registrationNote")
        }
        disabled={setting.locked}
        checked={open}
        onChange={(event) => save.mutate({ name: setting.name, value: event.currentTarget.checked })}
      />
      {save.error && <ErrorNote error={save.error} />}
    </>
  );
}
