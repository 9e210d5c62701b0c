import {
  type CheckboxProps,
  createTheme,
  type DrawerProps,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type MenuProps,
  type ModalProps,
  type RadioGroupProps,
  type RadioProps,
  type TextInputProps,
} from "@mantine/core";

/** The one accent: deep in light, lighter in dark. */
const teal: MantineColorsTuple = [
  "#e9f7f5",
  "#d3edea",
  "#a6dbd5",
  "#78c9c1",
  "#4fb8ae",
  "#2fa197",
  "#15857c",
  "#0d6d66",
  "#0a5853",
  "#074541",
];

/** Only for what destroys or failed. */
const red: MantineColorsTuple = [
  "#fcebe9",
  "#f9d5d1",
  "#f4b5af",
  "#f29e95",
  "#f08a80",
  "#dc5147",
  "#c4332a",
  "#b3261e",
  "#8f1d17",
  "#6b1510",
];

/** Neutral greys of the light theme, a touch cool. */
const gray: MantineColorsTuple = [
  "#f9fafa",
  "#f3f4f5",
  "#e8eaeb",
  "#dcdfe1",
  "#c6cacd",
  "#a3a9ad",
  "#7c8489",
  "#5b6368",
  "#3c4347",
  "#1c2124",
];

/** Neutral greys of the dark theme: text first, the window's ground last. */
const dark: MantineColorsTuple = [
  "#e6e9ea",
  "#b4babd",
  "#98a0a4",
  "#6f777b",
  "#3d4346",
  "#2c3134",
  "#212527",
  "#181b1d",
  "#131618",
  "#0e1011",
];

const fade = { transition: "fade", duration: 140 } as const;
const dim = { backgroundOpacity: 0.36 };
const rise = { transition: "fade-up", duration: 140 } as const;

const panel = { border: "1px solid var(--ks-line)", background: "var(--ks-panel)" };
const small = { fontSize: "12px", lineHeight: "16px" };

/** What stands above a dialog is not the banner of the whole window. */
const noBanner = { header: { role: "presentation" } };

export const theme = createTheme({
  primaryColor: "teal",
  primaryShade: { light: 7, dark: 4 },
  // A filled button is deep in light and bright in dark; what stands on it has to turn with it.
  variantColorResolver: (input) => ({
    ...defaultVariantColorsResolver(input),
    ...(input.variant === "filled" ? { color: "var(--ks-on-fill)" } : {}),
  }),
  colors: { teal, red, gray, dark },
  white: "#ffffff",
  black: "#1c2124",
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: '"JetBrains Mono Variable", ui-monospace, monospace',
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "20px", lineHeight: "28px" },
      h2: { fontSize: "14px", lineHeight: "20px" },
      h3: { fontSize: "13px", lineHeight: "20px" },
    },
  },
  fontSizes: { xs: "12px", sm: "13px", md: "13px", lg: "15px", xl: "20px" },
  lineHeights: { xs: "16px", sm: "20px", md: "20px", lg: "22px", xl: "28px" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "8px", xl: "8px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  shadows: {
    xs: "none",
    sm: "none",
    md: "0 4px 16px rgb(0 0 0 / 10%)",
    lg: "0 8px 28px rgb(0 0 0 / 14%)",
    xl: "0 12px 40px rgb(0 0 0 / 18%)",
  },
  components: {
    // Nothing is named here as a component, or it would be fetched with the first page.
    TextInput: {
      defaultProps: { size: "xs" } satisfies Partial<TextInputProps>,
      styles: { description: small, error: small },
    },
    Radio: {
      defaultProps: { size: "xs", iconColor: "var(--ks-on-fill)" } satisfies Partial<RadioProps>,
      styles: { description: small },
    },
    RadioGroup: {
      defaultProps: { size: "xs" } satisfies Partial<RadioGroupProps>,
      styles: { description: small, error: small },
    },
    Checkbox: {
      defaultProps: { size: "xs", iconColor: "var(--ks-on-fill)" } satisfies Partial<CheckboxProps>,
      styles: { description: small },
    },
    Menu: {
      defaultProps: {
        shadow: "md",
        transitionProps: fade,
        position: "bottom-end",
        offset: 4,
        withInitialFocusPlaceholder: false,
        // In a window that is too low for all of it, the menu scrolls.
        middlewares: { flip: true, shift: true, size: true },
      } satisfies Partial<MenuProps>,
      styles: { dropdown: { overflowY: "auto" } },
    },
    Modal: {
      defaultProps: {
        centered: true,
        transitionProps: rise,
        radius: "md",
        padding: "lg",
        overlayProps: dim,
        attributes: noBanner,
      } satisfies Partial<ModalProps>,
      styles: { content: panel, header: { ...panel, border: 0, minHeight: 0, paddingBlock: "20px 12px" } },
    },
    Drawer: {
      defaultProps: {
        position: "right",
        transitionProps: fade,
        padding: "lg",
        overlayProps: dim,
        attributes: noBanner,
      } satisfies Partial<DrawerProps>,
    },
  },
});
