import { Button, Group, Modal, Text } from "@mantine/core";
import { useI18n } from "@/i18n";
import { ErrorNote } from "./states";

interface ConfirmProps {
  opened: boolean;
  title: string;
  text: string;
  keep: string;
  go: string;
  busy: boolean;
  error: unknown;
  onClose: () => void;
  onGo: () => void;
}

/** Asks before something that cannot be undone. The safe answer has the focus. */
export function ConfirmDialog({ opened, title, text, keep, go, busy, error, onClose, onGo }: ConfirmProps) {
  const { say } = useI18n();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={title}
      closeButtonProps={{ "aria-label": say("item.close") }}
    >
      <Text mb="lg">{text}</Text>
      {error !== null && <ErrorNote error={error} />}
      <Group justify="flex-end" gap="sm" mt="md">
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep}
        </Button>
        <Button color="red" loading={busy} onClick={onGo}>
          {go}
        </Button>
      </Group>
    </Modal>
  );
}
