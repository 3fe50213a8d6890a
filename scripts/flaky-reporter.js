/**
 * Names the tests that passed only when they were tried again: they hold on a quiet machine, and somebody should find
 * out why they did not here.
 *
 * @implements {import("vitest/reporters").Reporter}
 */
export default class FlakyReporter {
  /** @type {string[]} */
  #names = [];

  /** @param {import("vitest/node").TestCase} testCase */
  onTestCaseResult(testCase) {
    // A test that has to fail is tried again as well, and fails again.
    if (testCase.diagnostic()?.flaky === true && testCase.options.fails !== true)
      this.#names.push(`${testCase.module.relativeModuleId} > ${testCase.fullName}`);
  }

  onTestRunEnd() {
    for (const name of this.#names) console.log(`PASSED ONLY AT THE SECOND TRY: ${name}`);
  }
}
