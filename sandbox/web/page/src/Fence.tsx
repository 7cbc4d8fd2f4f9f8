import { Component, type ReactNode } from "react";

/** Keeps a mistake in one part of the page from taking the others with it. */
export class Fence extends Component<{ children: ReactNode }, { problem: string }> {
  override state = { problem: "" };

  static getDerivedStateFromError(error: Error) {
    return { problem: error.message };
  }

  override render() {
    if (!this.state.problem) return this.props.children;
    return (
      <div className="pane" role="alert">
        <p className="problem">This part of the page broke: {this.state.problem}</p>
        <button type="button" className="more" onClick={() => this.setState({ problem: "" })}>
          Try again
        </button>
      </div>
    );
  }
}
