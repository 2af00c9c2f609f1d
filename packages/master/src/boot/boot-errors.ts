/** What can be wrong with the options of a first boot. */
export const MASTER_BOOT_ERRORS = {
  MASTER_BOOT_VERSION_INVALID: 'jenkinsVersion is not an LTS version · give all three numbers, such as 2.568.2',
  MASTER_BOOT_UID_INVALID:
    'jenkinsUid cannot be the controller’s user · take a free one from 1001 to 59999, such as 1500',
  MASTER_BOOT_TIMEOUT_INVALID: 'startTimeoutSeconds is out of bounds · take 60 to 3600',
  MASTER_BOOT_HEAP_INVALID: 'heapPercent is out of bounds · take 20 to 80',
} as const;

export type MasterBootErrorCode = keyof typeof MASTER_BOOT_ERRORS;
