// Written by `make types`.
import type { ProviderView } from "../src/ipc";

/** The providers that come with Keystow. */
export const catalogue: readonly ProviderView[] = [
  {
    "id": "local",
    "name": "Local workspace",
    "about": "A small server on this computer. No account needed.",
    "documentation": null,
    "checked": "run",
    "checkedOn": "2026-11-21",
    "unsure": [],
    "methods": [
      "password",
      "browser",
      "device"
    ],
    "capabilities": [
      "list",
      "search",
      "paginate",
      "sort",
      "create",
      "rename",
      "expire",
      "pause",
      "delete",
      "usage",
      "activity",
      "update_scopes",
      "mcp_access",
      "everybody",
      "workspaces"
    ],
    "base": null,
    "key": {
      "prefix": "ksl_",
      "nameMax": 100,
      "daysMax": null,
      "daysDefault": null,
      "budget": null
    },
    "headers": [],
    "scopes": [
      {
        "id": "view:keys",
        "about": "See keys and their usage"
      },
      {
        "id": "call:tools",
        "about": "Call tools that only read"
      },
      {
        "id": "write:tools",
        "about": "Call tools that change something"
      }
    ],
    "moreScopes": false,
    "presets": [
      {
        "id": "full",
        "about": "Everything that the key's scopes allow"
      },
      {
        "id": "read-only",
        "about": "Nothing that changes something"
      },
      {
        "id": "reporting",
        "about": "Keys and usage only"
      }
    ],
    "dashboard": null,
    "servers": [
      {
        "id": "local/tools",
        "name": "Tools",
        "about": "whoami, list_keys, usage, echo and two slow ones to try",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": null
      }
    ],
    "ownFile": null
  },
  {
    "id": "adlyse",
    "name": "Adlyse",
    "about": "Performance marketing: insights, reports, ads and workflows.",
    "documentation": "https://docs.adlyse.com/integrations/api-keys",
    "checked": "documentation",
    "checkedOn": "2026-11-21",
    "unsure": [
      "The documentation shows a key with 32 places after `mii_prod_`, but does not say which characters and how many a real one has.",
      "The address of the dashboard is not documented; the product's own site is opened instead.",
      "Which scopes its OAuth server knows beside `admin` is not documented."
    ],
    "methods": [],
    "capabilities": [],
    "base": null,
    "key": {
      "prefix": "mii_prod_",
      "nameMax": 100,
      "daysMax": null,
      "daysDefault": null,
      "budget": "Calls of tools cost credits of the organization."
    },
    "headers": [],
    "scopes": [],
    "moreScopes": false,
    "presets": [],
    "dashboard": {
      "url": "https://adlyse.com/",
      "create": [
        "Sign in and go to Admin → API Keys.",
        "Choose Create API Key and give it a name that says who uses it.",
        "Copy the key, which starts with mii_prod_: it is shown only once."
      ],
      "revoke": [
        "Sign in and go to Admin → API Keys.",
        "Revoke the key there. It stops working at once."
      ],
      "also": [
        {
          "what": "usage",
          "steps": [
            "Sign in and go to Admin → API Keys.",
            "Each key shows when it was last used, its requests this period, and its busiest endpoints."
          ]
        }
      ]
    },
    "servers": [
      {
        "id": "adlyse/insights",
        "name": "Adlyse insights",
        "about": "Waste, safe budgets, impact, the decision log and guidelines",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": null
      },
      {
        "id": "adlyse/reports",
        "name": "Adlyse reports",
        "about": "List, make and fetch performance reports",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": null
      },
      {
        "id": "adlyse/ads",
        "name": "Adlyse ads",
        "about": "Campaigns and ads over all platforms; can pause them and change budgets",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": null
      },
      {
        "id": "adlyse/workflows",
        "name": "Adlyse workflows",
        "about": "List and start workflows, and follow their runs",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": null
      },
      {
        "id": "adlyse/admin",
        "name": "Adlyse admin",
        "about": "Assistants, handoffs, skills and memory files",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": "It can change and delete assistants, skills and memory of the whole organization; connect it to trusted automation only."
      }
    ],
    "ownFile": null
  },
  {
    "id": "aidelly",
    "name": "Aidelly",
    "about": "Plans and publishes social media posts.",
    "documentation": "https://www.aidelly.ai/docs/getting-started/authentication",
    "checked": "documentation",
    "checkedOn": "2026-11-21",
    "unsure": [
      "What `GET /usage` answers, and whether it needs the workspace header and a scope, is not documented; it is documented to be there and to count as a read.",
      "The documentation writes keys as `aidelly_live_xxx`; those seen have 32 characters after that.",
      "The plugin of July 2026 sends keys made by hand to the MCP server, the one of October leaves it to OAuth; that keys still work there is likely, because OAuth tokens are keys.",
      "Whether its OAuth gives refresh tokens is not documented; tokens last 30 days.",
      "The path of the page with the keys is not documented."
    ],
    "methods": [],
    "capabilities": [],
    "base": null,
    "key": {
      "prefix": "aidelly_live_",
      "nameMax": 100,
      "daysMax": null,
      "daysDefault": null,
      "budget": "Each key has so many reads and writes a minute: 60 and 20 on Launch, 240 and 90 on Scale, 480 and 180 on Agency; calls over MCP count, too."
    },
    "headers": [
      {
        "name": "x-aidelly-workspace-id",
        "title": "Workspace id",
        "about": "Most of the REST API needs it. It stands under Account Settings → API Keys.",
        "required": true,
        "value": null
      },
      {
        "name": "x-aidelly-brand-id",
        "title": "Brand id",
        "about": "The workspace's default brand where it is left out. It stands under Account Settings → API Keys.",
        "required": false,
        "value": null
      }
    ],
    "scopes": [
      {
        "id": "posts:read",
        "about": "List and fetch posts"
      },
      {
        "id": "posts:write",
        "about": "Create, change and cancel posts"
      },
      {
        "id": "media:write",
        "about": "Make signed URLs to upload to"
      },
      {
        "id": "connections:read",
        "about": "List connected social accounts"
      },
      {
        "id": "webhooks:manage",
        "about": "Create, list and delete webhooks"
      },
      {
        "id": "analytics:read",
        "about": "Fetch analytics and insights of posts"
      },
      {
        "id": "brand:read",
        "about": "Fetch the settings and context of a brand"
      }
    ],
    "moreScopes": false,
    "presets": [],
    "dashboard": {
      "url": "https://app.aidelly.ai/",
      "create": [
        "Sign in and go to Account Settings → API Keys.",
        "Make a key with a name, only the scopes it needs, and an expiry if you want one.",
        "Copy the key, which starts with aidelly_live_: it is shown only once.",
        "Note the workspace id and brand id, which stand on the same page."
      ],
      "revoke": [
        "Sign in and go to Account Settings → API Keys.",
        "Revoke the key there. Requests with it get 401 PUBLIC_API_KEY_INVALID at once."
      ],
      "also": [
        {
          "what": "expire",
          "steps": [
            "An expiry is set when the key is made, under Account Settings → API Keys."
          ]
        },
        {
          "what": "update_scopes",
          "steps": [
            "Scopes are chosen when the key is made; make another key with the scopes you want and revoke this one."
          ]
        }
      ]
    },
    "servers": [
      {
        "id": "aidelly/public-api",
        "name": "Aidelly",
        "about": "Posts, media, connections, analytics and brands",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": null
      }
    ],
    "ownFile": null
  },
  {
    "id": "atlas",
    "name": "Atlas",
    "about": "Answers questions about data with SQL; hosted, or on your own server.",
    "documentation": "https://docs.useatlas.dev/",
    "checked": "source",
    "checkedOn": "2026-11-21",
    "unsure": [
      "The source is of 2026-08-22; the service that runs may be newer.",
      "Keys are 64 letters in the source and `atlas_wk_…` in the documentation; both are taken.",
      "Names may have 100 characters in Atlas, but the part that makes keys refuses more than 32.",
      "Pausing and renaming are open in the API, although Atlas's own pages offer neither.",
      "The 10 requests a day are the default of the part that checks keys; the service may allow more."
    ],
    "methods": [
      "device",
      "token"
    ],
    "capabilities": [
      "list",
      "search",
      "paginate",
      "sort",
      "create",
      "rename",
      "expire",
      "pause",
      "delete",
      "usage",
      "workspaces"
    ],
    "base": {
      "example": "https://atlas.example.com",
      "choices": [
        {
          "title": "United States",
          "url": "https://api.useatlas.dev/"
        },
        {
          "title": "Europe",
          "url": "https://api-eu.useatlas.dev/"
        },
        {
          "title": "Asia Pacific",
          "url": "https://api-apac.useatlas.dev/"
        }
      ]
    },
    "key": {
      "prefix": "",
      "nameMax": 32,
      "daysMax": 365,
      "daysDefault": 90,
      "budget": "A key may be used 10 times in 24 hours unless your Atlas allows more, and each request may count twice; showing that it is good counts, too."
    },
    "headers": [],
    "scopes": [],
    "moreScopes": false,
    "presets": [],
    "dashboard": {
      "url": "https://app.useatlas.dev/admin/api-keys",
      "create": [
        "Sign in as an administrator and open Admin → API Keys.",
        "Choose Create API Key, enter a name of at most 32 characters and choose Create.",
        "Copy the key: it is shown only once."
      ],
      "revoke": [
        "Sign in as an administrator and open Admin → API Keys.",
        "Choose Revoke beside the key and confirm. It stops working at once."
      ],
      "also": []
    },
    "servers": [
      {
        "id": "atlas/hosted",
        "name": "Atlas",
        "about": "Ask about data, run SQL and metrics",
        "auth": [
          "oauth"
        ],
        "caution": null
      }
    ],
    "ownFile": null
  },
  {
    "id": "creatoraudit",
    "name": "CreatorAudit",
    "about": "Analytics of Instagram and TikTok creators.",
    "documentation": "https://docs.creatoraudit.com/dashboard/api-keys",
    "checked": "documentation",
    "checkedOn": "2026-11-21",
    "unsure": [
      "What a key looks like is not documented, so a pasted one is only shown to be good by asking.",
      "Whether an answer lists a key's scopes is not documented."
    ],
    "methods": [],
    "capabilities": [],
    "base": null,
    "key": {
      "prefix": "",
      "nameMax": 100,
      "daysMax": null,
      "daysDefault": null,
      "budget": "Each key has a budget of its own; no numbers are published, but each answer tells how much is left."
    },
    "headers": [],
    "scopes": [
      {
        "id": "read",
        "about": "Read; every key may"
      },
      {
        "id": "write",
        "about": "Add, change and delete"
      },
      {
        "id": "admin",
        "about": "Everything that write and read allow, and administration"
      }
    ],
    "moreScopes": false,
    "presets": [],
    "dashboard": {
      "url": "https://app.creatoraudit.com/app/api-keys",
      "create": [
        "Sign in and open API keys in the sidebar.",
        "Enter a name that says who uses the key.",
        "Choose Generate key and copy the key: it is shown only once. Then acknowledge I have copied."
      ],
      "revoke": [
        "Open API keys and find the key under Enabled or Disabled.",
        "Delete it. You are asked to confirm, and warned if it was used in the last 24 hours."
      ],
      "also": [
        {
          "what": "pause",
          "steps": [
            "Open API keys and switch the key off; it moves to Disabled and gets 403 from then on.",
            "Switch it on again to resume it."
          ]
        },
        {
          "what": "rename",
          "steps": [
            "Open API keys and click the key's name to edit it."
          ]
        },
        {
          "what": "usage",
          "steps": [
            "Open API keys; each card says when its key last made a request."
          ]
        }
      ]
    },
    "servers": [
      {
        "id": "creatoraudit/mcp",
        "name": "CreatorAudit",
        "about": "Accounts, videos, creators and their analytics",
        "auth": [
          "key"
        ],
        "caution": null
      }
    ],
    "ownFile": null
  },
  {
    "id": "ocore",
    "name": "oCore",
    "about": "Odoo hosting and operations, on your own server or theirs.",
    "documentation": "https://docs.ocore.sh/docs/admin-guide/api-keys",
    "checked": "documentation",
    "checkedOn": "2026-11-21",
    "unsure": [
      "There are more permissions than these: each of the product's resources has one to view and one to manage.",
      "Permissions over MCP are spelled like `mcp:orm`, `mcp:search` and `mcp:metadata`; the whole list is not documented.",
      "Keys are written `ocore_k_…` and `ocore_key_…`; how long they are is not documented.",
      "Pausing stops access over MCP; that it stops the rest of the API is not documented.",
      "Which path and verb pause a key, which verb changes one, and which field of the answer holds a new key is not documented; each is found out by asking.",
      "Which request lists the organizations of an account is not documented; `POST /user/orgs` makes one.",
      "The documentation gives sign-in both a token in the answer and cookies.",
      "Names of MCP presets are not documented."
    ],
    "methods": [
      "password",
      "token"
    ],
    "capabilities": [
      "list",
      "search",
      "paginate",
      "create",
      "rename",
      "update_scopes",
      "expire",
      "pause",
      "delete",
      "usage",
      "workspaces",
      "everybody",
      "mcp_access"
    ],
    "base": {
      "example": "https://ocore.example.com/api",
      "choices": []
    },
    "key": {
      "prefix": "ocore_",
      "nameMax": 100,
      "daysMax": null,
      "daysDefault": null,
      "budget": null
    },
    "headers": [],
    "scopes": [
      {
        "id": "view:servers",
        "about": "See servers"
      },
      {
        "id": "manage:servers",
        "about": "Add, change and delete servers"
      },
      {
        "id": "view:instances",
        "about": "See instances"
      },
      {
        "id": "manage:instances",
        "about": "Create, control and delete instances"
      }
    ],
    "moreScopes": true,
    "presets": [],
    "dashboard": null,
    "servers": [
      {
        "id": "ocore/stream",
        "name": "oCore",
        "about": "Odoo instances: records, schemas, SQL and modules, as far as the key allows",
        "auth": [
          "key",
          "oauth"
        ],
        "caution": null
      }
    ],
    "ownFile": null
  },
  {
    "id": "better-auth",
    "name": "better-auth app",
    "about": "Any app whose keys are made by better-auth's api-key plugin.",
    "documentation": "https://www.better-auth.com/docs/plugins/api-key",
    "checked": "run",
    "checkedOn": "2026-11-21",
    "unsure": [
      "An app can change the header, the length of names, the days and the look of keys; these are what better-auth does by itself.",
      "An app may take codes from another screen from the clients it names only; this name works where it takes any."
    ],
    "methods": [
      "password",
      "device",
      "token"
    ],
    "capabilities": [
      "list",
      "search",
      "paginate",
      "sort",
      "create",
      "rename",
      "expire",
      "pause",
      "delete",
      "usage",
      "workspaces"
    ],
    "base": {
      "example": "https://app.example.com",
      "choices": []
    },
    "key": {
      "prefix": "",
      "nameMax": 32,
      "daysMax": 365,
      "daysDefault": null,
      "budget": "A key may be used 10 times in 24 hours unless the app allows more."
    },
    "headers": [],
    "scopes": [],
    "moreScopes": false,
    "presets": [],
    "dashboard": null,
    "servers": [],
    "ownFile": null
  },
  {
    "id": "custom",
    "name": "Another product",
    "about": "Any MCP server: its address, a header and a key. A provider file of your own is made of it.",
    "documentation": null,
    "checked": "run",
    "checkedOn": "2026-11-21",
    "unsure": [],
    "methods": [],
    "capabilities": [],
    "base": {
      "example": "https://mcp.example.com/mcp",
      "choices": []
    },
    "key": {
      "prefix": "",
      "nameMax": 100,
      "daysMax": null,
      "daysDefault": null,
      "budget": null
    },
    "headers": [],
    "scopes": [],
    "moreScopes": false,
    "presets": [],
    "dashboard": null,
    "servers": [],
    "ownFile": null
  }
];
