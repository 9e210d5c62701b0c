import { Component, type ReactNode } from "react";
import { Problem } from "../ipc";
import { Button } from "../shared/controls";
import { ProblemAlert } from "../shared/ProblemAlert";
import { markReady } from "../shared/ready";
import classes from "./App.module.css";
import { appWords as words } from "./words";

interface BoundaryProps {
  children: ReactNode;
}

interface BoundaryState {
  problem: Problem | null;
}

/** What is left of a page that failed: an explanation and a way on, never a white window. */
export class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { problem: null };

  static getDerivedStateFromError(thrown: unknown): BoundaryState {
    return { problem: Problem.from(thrown) };
  }

  override componentDidCatch(): void {
    markReady();
  }

  override render(): ReactNode {
    const { problem } = this.state;
    if (problem === null) return this.props.children;
    return (
      <div className={classes.centre}>
        <ProblemAlert
          problem={{ ...problem, retry: false }}
          action={
            <Button variant="default" onClick={() => this.setState({ problem: null })}>
              {words.showAgain}
            </Button>
          }
        />
      </div>
    );
  }
}
