import type { Handlers } from '../register.ts'
import type { Services } from '../services.ts'

type NotificationRoute = 'claimNotifications' | 'confirmNotification' | 'testNotification'

/** Who tells the person: whoever claims, and confirms in time. */
export function notificationRoutes({ notifications }: Services): Pick<Handlers, NotificationRoute> {
  return {
    claimNotifications: ({ body }) => notifications.claim(body.holder, body.leaseMs),
    confirmNotification: async ({ params, body }) => ({
      confirmed: await notifications.confirm(params.id, body.holder),
    }),
    testNotification: async () => {
      await notifications.test()
      return {}
    },
  }
}
