package control

// routes is the whole door: verb, path, operation in openapi.yaml, whether this
// emulator has it, and what does it.
func (d *Door) routes() []route {
	p, s, c, a, r := d.Process, d.State, d.Clock, d.Accounts, d.Registrations
	return []route{
		{"GET", "/_voxemu/health", "getHealth", p.Health != nil, typed(p.health)},
		{"GET", "/_voxemu/config", "getConfig", p.Config != nil, typed(p.config)},
		{"GET", "/_voxemu/coverage", "getCoverage", p.Coverage != nil, typed(p.coverage)},
		{"GET", "/_voxemu/metrics", "getMetrics", p.Metrics != nil, p.metrics},
		{"POST", "/_voxemu/shutdown", "shutDown", true, typed(p.shutdown)},

		{"GET", "/_voxemu/state", "exportState", s.Export != nil, typed(s.export)},
		{"PUT", "/_voxemu/state", "importState", s.Import != nil, typed(s.importState)},
		{"POST", "/_voxemu/reset", "reset", s.Reset != nil, typed(s.reset)},

		{"GET", "/_voxemu/scenarios", "listScenarios", d.Scenarios.List != nil, typed(d.Scenarios.list)},
		{"POST", "/_voxemu/scenarios", "loadScenario", d.Scenarios.Load != nil, typed(d.Scenarios.load)},
		{"GET", "/_voxemu/scenario.schema.json", "getScenarioSchema", d.Scenarios.Schema != nil, typed(d.Scenarios.schema)},

		{"GET", "/_voxemu/snapshots", "listSnapshots", d.Snapshots.List != nil, typed(d.Snapshots.list)},
		{"POST", "/_voxemu/snapshots", "takeSnapshot", d.Snapshots.Take != nil, typed(d.Snapshots.take)},
		{"POST", "/_voxemu/snapshots/{name}/restore", "restoreSnapshot", d.Snapshots.Restore != nil, typed(d.Snapshots.restore)},
		{"DELETE", "/_voxemu/snapshots/{name}", "deleteSnapshot", d.Snapshots.Delete != nil, typed(d.Snapshots.delete)},

		{"GET", "/_voxemu/clock", "getClock", c.Now != nil, typed(c.get)},
		{"POST", "/_voxemu/clock/advance", "advanceClock", c.Now != nil && c.Advance != nil, typed(c.advance)},
		{"POST", "/_voxemu/clock/set", "setClock", c.Now != nil && c.Set != nil, typed(c.set)},
		{"POST", "/_voxemu/clock/freeze", "freezeClock", c.Now != nil && c.Freeze != nil, typed(c.freeze)},
		{"POST", "/_voxemu/clock/resume", "resumeClock", c.Now != nil && c.Resume != nil, typed(c.resume)},

		{"GET", "/_voxemu/accounts", "listAccounts", a.List != nil, typed(a.list)},
		{"POST", "/_voxemu/accounts", "createAccount", a.Create != nil, typed(a.create)},
		{"DELETE", "/_voxemu/accounts/{id}", "deleteAccount", a.Delete != nil, typed(a.delete)},
		{"POST", "/_voxemu/accounts/{id}/top-up", "topUpAccount", a.TopUp != nil && a.List != nil, typed(a.topUp)},
		{"GET", "/_voxemu/keys/{id}/credentials", "getCredentials", a.Credentials != nil, typed(a.credentials)},

		{"GET", "/_voxemu/registrations", "listRegistrations", r.List != nil, typed(r.list)},
		{"POST", "/_voxemu/registrations/{id}/answer", "answerRegistration", r.Answer != nil && r.List != nil, typed(r.answer)},
		{"GET", "/_voxemu/users", "listUsers", r.Users != nil, typed(r.users)},
		{"POST", "/_voxemu/users/{id}/login", "logInUser", r.LogIn != nil, typed(r.logIn)},
		{"POST", "/_voxemu/users/{id}/logout", "logOutUser", r.LogOut != nil, typed(r.logOut)},

		{"GET", "/_voxemu/callbacks", "listCallbacks", d.Callbacks.List != nil, typed(d.Callbacks.list)},
		{"POST", "/_voxemu/callbacks/{id}/redeliver", "redeliverCallback", d.Callbacks.Redeliver != nil, typed(d.Callbacks.redeliver)},

		{"GET", "/_voxemu/requests", "listRequests", d.Requests.Find != nil, typed(d.Requests.find)},
		{"DELETE", "/_voxemu/requests", "clearRequests", d.Requests.Clear != nil, typed(d.Requests.clear)},
		{"GET", "/_voxemu/requests/count", "countRequests", d.Requests.Count != nil, typed(d.Requests.count)},
		{"GET", "/_voxemu/requests/wait", "waitForRequests", d.Requests.Wait != nil, typed(d.Requests.wait)},
		{"GET", "/_voxemu/requests/har", "exportRequests", d.Requests.HAR != nil, typed(d.Requests.har)},
		{"GET", "/_voxemu/requests/jsonl", "exportRequestLines", d.Requests.Lines != nil, typed(d.Requests.lines)},
		{"POST", "/_voxemu/verify", "verifyRequests", d.Requests.Verify != nil, typed(d.Requests.verify)},

		{"GET", "/_voxemu/faults", "listFaults", d.Faults.List != nil, typed(d.Faults.list)},
		{"POST", "/_voxemu/faults", "addFault", d.Faults.Add != nil, typed(d.Faults.add)},
		{"PUT", "/_voxemu/faults", "replaceFaults", d.Faults.Replace != nil, typed(d.Faults.replace)},
		{"DELETE", "/_voxemu/faults", "clearFaults", d.Faults.Clear != nil, typed(d.Faults.clear)},
		{"GET", "/_voxemu/faults/{name}", "getFault", d.Faults.List != nil, typed(d.Faults.get)},
		{"PUT", "/_voxemu/faults/{name}", "putFault", d.Faults.Put != nil, typed(d.Faults.put)},
		{"DELETE", "/_voxemu/faults/{name}", "deleteFault", d.Faults.Delete != nil, typed(d.Faults.delete)},

		{"GET", "/_voxemu/events", "streamEvents", d.Events.Subscribe != nil, d.Events.stream},

		{"GET", "/_voxemu/ca.pem", "getCA", p.CA != nil, typed(p.ca)},
		{"GET", "/_voxemu/openapi.yaml", "getControlSpecification", true, serveControl},
		{"GET", "/openapi.yaml", "getSpecification", d.Specification.Text != nil, d.Specification.serve},
	}
}
