package control

// routes lists the control API: verb, path, operation in openapi.yaml, handler.
func (a *API) routes() []route {
	return []route{
		{"GET", "/_voxemu/health", "getHealth", typed(a.getHealth)},
		{"GET", "/_voxemu/config", "getConfiguration", typed(a.getConfiguration)},
		{"GET", "/_voxemu/coverage", "getCoverage", typed(a.getCoverage)},
		{"GET", "/_voxemu/assumptions", "listAssumptions", typed(a.listAssumptions)},
		{"GET", "/_voxemu/methods", "listMethods", typed(a.listMethods)},
		{"GET", "/_voxemu/metrics", "getMetrics", typed(a.getMetrics)},
		{"POST", "/_voxemu/shutdown", "shutDown", typed(a.shutDown)},

		{"GET", "/_voxemu/state", "exportState", typed(a.exportState)},
		{"POST", "/_voxemu/state", "addRows", waiting(a.addRows)},
		{"PUT", "/_voxemu/state", "importState", waiting(a.importState)},
		{"POST", "/_voxemu/reset", "reset", typed(a.reset)},

		{"GET", "/_voxemu/scenarios", "listScenarios", typed(a.listScenarios)},
		{"POST", "/_voxemu/scenarios", "loadScenario", waiting(a.loadScenario)},
		{"POST", "/_voxemu/scenarios/check", "checkScenario", waiting(a.checkScenario)},
		{"GET", "/_voxemu/scenarios/{name}", "getScenario", typed(a.getScenario)},
		{"GET", "/_voxemu/scenario", "getLoadedScenario", typed(a.getLoadedScenario)},
		{"GET", "/_voxemu/scenario.schema.json", "getScenarioSchema", typed(a.getScenarioSchema)},
		{"GET", "/_voxemu/rule.schema.json", "getRuleSchema", typed(a.getRuleSchema)},
		{"GET", "/_voxemu/expectation.schema.json", "getExpectationSchema", typed(a.getExpectationSchema)},

		{"GET", "/_voxemu/snapshots", "listSnapshots", typed(a.listSnapshots)},
		{"POST", "/_voxemu/snapshots", "takeSnapshot", typed(a.takeSnapshot)},
		{"GET", "/_voxemu/snapshots/{name}/compare", "compareSnapshots", typed(a.compareSnapshots)},
		{"POST", "/_voxemu/snapshots/{name}/restore", "restoreSnapshot", typed(a.restoreSnapshot)},
		{"DELETE", "/_voxemu/snapshots/{name}", "deleteSnapshot", typed(a.deleteSnapshot)},

		{"GET", "/_voxemu/clock", "getClock", typed(a.getClock)},
		{"GET", "/_voxemu/clock/due", "listDue", typed(a.listDue)},
		{"POST", "/_voxemu/clock/advance", "advanceClock", waiting(a.advanceClock)},
		{"POST", "/_voxemu/clock/set", "setClock", waiting(a.setClock)},
		{"POST", "/_voxemu/clock/stop", "stopClock", typed(a.stopClock)},
		{"POST", "/_voxemu/clock/resume", "resumeClock", typed(a.resumeClock)},

		{"GET", "/_voxemu/accounts", "listAccounts", typed(a.listAccounts)},
		{"POST", "/_voxemu/accounts", "createAccount", typed(a.createAccount)},
		{"DELETE", "/_voxemu/accounts/{id}", "deleteAccount", typed(a.deleteAccount)},
		{"POST", "/_voxemu/accounts/{id}/top-up", "topUpAccount", typed(a.topUpAccount)},
		{"GET", "/_voxemu/accounts/{id}/transactions", "listTransactions", typed(a.listTransactions)},
		{"POST", "/_voxemu/accounts/{id}/freeze", "freezeAccount", typed(a.freezeAccount)},
		{"GET", "/_voxemu/keys/{id}/credentials", "getCredentials", typed(a.getCredentials)},
		{"POST", "/_voxemu/keys/{id}/credentials", "generateCredentials", typed(a.generateCredentials)},
		{"POST", "/_voxemu/keys/{id}/token", "createToken", typed(a.createToken)},

		{"GET", "/_voxemu/registrations", "listRegistrations", typed(a.listRegistrations)},
		{"GET", "/_voxemu/registrations/{id}/history", "getRegistrationHistory", typed(a.getRegistrationHistory)},
		{"POST", "/_voxemu/registrations/{id}/answer", "answerRegistration", typed(a.answerRegistration)},
		{"GET", "/_voxemu/users", "listUsers", typed(a.listUsers)},
		{"POST", "/_voxemu/users/{id}/login", "logInUser", typed(a.logInUser)},
		{"POST", "/_voxemu/users/{id}/logout", "logOutUser", typed(a.logOutUser)},

		{"GET", "/_voxemu/callbacks", "listCallbacks", typed(a.listCallbacks)},
		{"GET", "/_voxemu/callbacks/{id}", "getCallback", typed(a.getCallback)},
		{"POST", "/_voxemu/callbacks/settle", "settleCallbacks", waiting(a.settleCallbacks)},
		{"POST", "/_voxemu/callbacks/{id}/redeliver", "redeliverCallback", typed(a.redeliverCallback)},

		{"GET", "/_voxemu/requests", "listRequests", typed(a.listRequests)},
		{"DELETE", "/_voxemu/requests", "clearRequests", typed(a.clearRequests)},
		{"GET", "/_voxemu/requests/count", "countRequests", typed(a.countRequests)},
		{"GET", "/_voxemu/requests/wait", "waitForRequests", waiting(a.waitForRequests)},
		{"GET", "/_voxemu/requests/har", "exportRequests", typed(a.exportRequests)},
		{"GET", "/_voxemu/requests/jsonl", "exportRequestLines", typed(a.exportRequestLines)},
		{"GET", "/_voxemu/requests/{number}", "getRequest", typed(a.getRequest)},
		{"GET", "/_voxemu/requests/{number}/explain", "explainRequest", typed(a.explainRequest)},
		{"POST", "/_voxemu/verify", "verifyRequests", typed(a.verifyRequests)},
		{"POST", "/_voxemu/mistakes", "reportMistakes", typed(a.reportMistakes)},

		{"GET", "/_voxemu/faults", "listFaults", typed(a.listFaults)},
		{"POST", "/_voxemu/faults", "addFault", typed(a.addFault)},
		{"PUT", "/_voxemu/faults", "replaceFaults", typed(a.replaceFaults)},
		{"DELETE", "/_voxemu/faults", "clearFaults", typed(a.clearFaults)},
		{"POST", "/_voxemu/faults/preview", "previewFault", typed(a.previewFault)},
		{"GET", "/_voxemu/faults/{name}", "getFault", typed(a.getFault)},
		{"PUT", "/_voxemu/faults/{name}", "putFault", typed(a.putFault)},
		{"DELETE", "/_voxemu/faults/{name}", "deleteFault", typed(a.deleteFault)},

		{"GET", "/_voxemu/events", "streamEvents", a.streamEvents},

		{"GET", "/_voxemu/console/", "getConsole", a.getConsole},
		{"GET", "/_voxemu/console/{file}", "getConsoleFile", a.getConsole},
		{"GET", "/_voxemu/docs/", "getReference", a.getReference},
		{"GET", "/_voxemu/docs/{file}", "getReferenceFile", a.getReference},
		{"GET", "/_voxemu/ca.pem", "getCA", typed(a.getCA)},
		{"GET", "/_voxemu/openapi.yaml", "getControlSpecification", serveSpecification(func() ([]byte, error) { return specification, nil })},
		{"GET", "/openapi.yaml", "getSpecification", serveSpecification(described)},
	}
}
