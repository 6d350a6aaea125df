package store

// Filters names the indexes that x-filter may use, the id included, by table
// and with the OpenAPI type of their values. A table that a method lists
// (x-lists) is one line here.
func Filters() map[string]map[string]string {
	return map[string]map[string]string{
		applications.name:  applications.filters(),
		authorizedIPs.name: authorizedIPs.filters(),
		registrations.name: registrations.filters(),
		rules.name:         rules.filters(),
		scenarios.name:     scenarios.filters(),
		sipWhiteList.name:  sipWhiteList.filters(),
		users.name:         users.filters(),
	}
}

func (t *table[K, R]) filters() map[string]string {
	filters := map[string]string{"id": "integer"}
	for _, x := range t.indexes {
		filters[x.name] = x.element
	}
	return filters
}
